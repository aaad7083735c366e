/**
 * A demo of what workers are good for; each package below is one thing to try.
 */
@NullMarked
package io.ipcboot.demo;

import org.jspecify.annotations.NullMarked;
