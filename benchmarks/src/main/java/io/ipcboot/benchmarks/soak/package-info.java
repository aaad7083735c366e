/**
 * Hours of mixed load while workers are killed, stopped and hung.
 */
@NullMarked
package io.ipcboot.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
