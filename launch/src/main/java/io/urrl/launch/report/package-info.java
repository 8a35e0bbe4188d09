/**
 * What people are shown: one live line on a terminal, plain lines elsewhere, tables, and grids of
 * pictures.
 */
package io.urrl.launch.report;
