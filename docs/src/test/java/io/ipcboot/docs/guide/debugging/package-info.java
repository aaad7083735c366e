/**
 * Code samples of the guide.
 */
@NullMarked
package io.ipcboot.docs.guide.debugging;

import org.jspecify.annotations.NullMarked;
