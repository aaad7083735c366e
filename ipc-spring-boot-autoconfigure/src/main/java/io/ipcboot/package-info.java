/**
 * What an application uses: forking processes, sending them messages and calls, and
 * listening to them.
 */
@NullMarked
package io.ipcboot;

import org.jspecify.annotations.NullMarked;
