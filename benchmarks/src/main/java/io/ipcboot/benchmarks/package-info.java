/**
 * Measures this library beside Node.js, in one run on one machine.
 */
@NullMarked
package io.ipcboot.benchmarks;

import org.jspecify.annotations.NullMarked;
