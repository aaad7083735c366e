/**
 * HTTP served by workers, beside other ways to use several processes.
 */
@NullMarked
package io.ipcboot.benchmarks.http;

import org.jspecify.annotations.NullMarked;
