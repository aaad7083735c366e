/**
 * Compares the pages with the code.
 */
@NullMarked
package io.ipcboot.docs.reference;

import org.jspecify.annotations.NullMarked;
