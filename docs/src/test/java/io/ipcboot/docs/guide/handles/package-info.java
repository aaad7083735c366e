/**
 * Code samples of the guide.
 */
@NullMarked
package io.ipcboot.docs.guide.handles;

import org.jspecify.annotations.NullMarked;
