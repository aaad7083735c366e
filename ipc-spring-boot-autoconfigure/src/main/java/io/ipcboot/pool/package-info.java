/**
 * Supervised sets of interchangeable workers.
 */
@NullMarked
package io.ipcboot.pool;

import org.jspecify.annotations.NullMarked;
