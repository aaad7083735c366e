@NullMarked
package io.ipcboot.compatibility.batch;

import org.jspecify.annotations.NullMarked;
