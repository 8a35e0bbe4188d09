package io.urrl.verify;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;

/** What the build forbids of tensors. */
final class TensorOperators {

  /** Calls such as {@code x.div(0.2f)}, on tensors of any class. */
  static final DescribedPredicate<JavaMethodCall> TAKE_A_NUMBER =
      DescribedPredicate.describe(
          "an operator of a tensor takes a number",
          call ->
              call.getTargetOwner().isAssignableTo(NDArray.class)
                  && call.getTarget().getRawParameterTypes().stream()
                      .anyMatch(parameter -> parameter.isEquivalentTo(Number.class)));

  private TensorOperators() {}
}
