@NullMarked
package io.ipcboot.compatibility.scheduling;

import org.jspecify.annotations.NullMarked;
