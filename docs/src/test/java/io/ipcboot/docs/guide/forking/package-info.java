/**
 * Code samples of the guide.
 */
@NullMarked
package io.ipcboot.docs.guide.forking;

import org.jspecify.annotations.NullMarked;
