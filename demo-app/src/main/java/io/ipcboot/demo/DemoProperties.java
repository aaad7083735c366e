package io.ipcboot.demo;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the demo.
 *
 * @param maxPhotoSize largest photo to accept
 * @param handoffPort port whose connections are handed over to workers, 0 for a free one
 * @param sharedPort port on which parent and workers accept, 0 for a free one
 */
@ConfigurationProperties("demo")
public record DemoProperties(@DefaultValue("8MB") DataSize maxPhotoSize, @DefaultValue("8081") int handoffPort,
		@DefaultValue("8082") int sharedPort) {

}
