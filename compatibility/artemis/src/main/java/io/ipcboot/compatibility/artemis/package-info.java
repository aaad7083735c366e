@NullMarked
package io.ipcboot.compatibility.artemis;

import org.jspecify.annotations.NullMarked;
