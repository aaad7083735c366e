/**
 * Finding, adopting, duplicating and closing operating-system descriptors.
 */
@NullMarked
package io.ipcboot.handle;

import org.jspecify.annotations.NullMarked;
