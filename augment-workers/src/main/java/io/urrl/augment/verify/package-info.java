/** Runs reference cases through the transforms and writes what they give. */
package io.urrl.augment.verify;
