/**
 * Handed-over connections: the parent accepts, a worker answers.
 */
@NullMarked
package io.ipcboot.demo.handoff;

import org.jspecify.annotations.NullMarked;
