/** What every node shares. */
package io.urrl.actors;
