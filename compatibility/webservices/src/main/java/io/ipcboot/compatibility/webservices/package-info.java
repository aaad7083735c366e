@NullMarked
package io.ipcboot.compatibility.webservices;

import org.jspecify.annotations.NullMarked;
