/** What goes wrong with files, said in words that people can use. */
package io.urrl.actors.files;
