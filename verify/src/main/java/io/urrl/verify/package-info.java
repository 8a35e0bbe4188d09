/**
 * Runs reference cases against the product: {@code urrl verify}. No part of the product: the
 * launcher puts it on the class path of its own command alone.
 */
package io.urrl.verify;
