/**
 * Isolated work: photos are rendered in workers, which may die.
 */
@NullMarked
package io.ipcboot.demo.thumbnails;

import org.jspecify.annotations.NullMarked;
