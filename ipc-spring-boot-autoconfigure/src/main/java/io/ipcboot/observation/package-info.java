/**
 * Observations of messages and calls with Micrometer: timers and spans.
 */
@NullMarked
package io.ipcboot.observation;

import org.jspecify.annotations.NullMarked;
