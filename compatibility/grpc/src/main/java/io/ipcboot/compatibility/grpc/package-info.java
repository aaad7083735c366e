@NullMarked
package io.ipcboot.compatibility.grpc;

import org.jspecify.annotations.NullMarked;
