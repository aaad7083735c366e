/**
 * Code samples of the guide.
 */
@NullMarked
package io.ipcboot.docs.guide.listening;

import org.jspecify.annotations.NullMarked;
