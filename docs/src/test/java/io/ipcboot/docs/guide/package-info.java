/**
 * Code samples of the guide.
 */
@NullMarked
package io.ipcboot.docs.guide;

import org.jspecify.annotations.NullMarked;
