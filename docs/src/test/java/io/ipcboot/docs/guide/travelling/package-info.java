/**
 * Code samples of the guide.
 */
@NullMarked
package io.ipcboot.docs.guide.travelling;

import org.jspecify.annotations.NullMarked;
