/**
 * One forked process: its command line, environment, output and exit.
 */
@NullMarked
package io.ipcboot.process;

import org.jspecify.annotations.NullMarked;
