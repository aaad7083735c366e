/**
 * Code samples of the guide.
 */
@NullMarked
package io.ipcboot.docs.guide.existing;

import org.jspecify.annotations.NullMarked;
