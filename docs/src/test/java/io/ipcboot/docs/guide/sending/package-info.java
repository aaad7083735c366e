/**
 * Code samples of the guide.
 */
@NullMarked
package io.ipcboot.docs.guide.sending;

import org.jspecify.annotations.NullMarked;
