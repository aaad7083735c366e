@NullMarked
package io.ipcboot.compatibility.tracing;

import org.jspecify.annotations.NullMarked;
