/**
 * The application of the page "First steps".
 */
@NullMarked
package io.ipcboot.docs.firststeps;

import org.jspecify.annotations.NullMarked;
