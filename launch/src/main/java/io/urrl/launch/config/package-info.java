/**
 * Settings: the table of all of them, the defaults of {@code cluster.conf}, what overrides them,
 * and the typed records that the rest of the program sees. Unknown keys and wrong values are errors
 * that name the key.
 */
package io.urrl.launch.config;
