/** Runs reference cases of encoder, loss and probe and writes what they give. */
package io.urrl.gpu.verify;
