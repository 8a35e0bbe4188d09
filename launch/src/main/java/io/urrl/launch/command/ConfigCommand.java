package io.urrl.launch.command;

import com.typesafe.config.ConfigRenderOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows settings. */
@Command(
    name = "config",
    description = "Shows the settings that a command line gives.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = SettingsFlags.Run.class,
    footer = {"", "Example:", "  urrl config --batch 256 --set workers.prefetch=4"})
public final class ConfigCommand implements Runnable {

  @Mixin private SettingsOptions options;

  @Override
  public void run() {
    System.out.println(
        options
            .settings(SettingsFlags.RUN)
            .config()
            .getConfig("urrl")
            .root()
            .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false)));
  }
}
