/**
 * A demo of the uses of workers; each package below is one thing to try.
 */
@NullMarked
package io.ipcboot.demo;

import org.jspecify.annotations.NullMarked;
