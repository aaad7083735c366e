/**
 * Starts an application with workers and observes its processes.
 */
@NullMarked
package io.ipcboot.compatibility;

import org.jspecify.annotations.NullMarked;
