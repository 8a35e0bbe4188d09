/** Runs reference cases of pictures through decoders, transforms and corruptions. */
package io.urrl.verify.images;
