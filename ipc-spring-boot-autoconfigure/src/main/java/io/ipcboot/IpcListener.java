package io.ipcboot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.ipcboot.messaging.OutgoingMessage;
import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Makes a method of a bean the listener for a destination. Its parameters may be
 * <ul>
 * <li>the payload, converted to the type of the parameter, annotated with
 * {@code @Payload} and {@code @Valid} if wanted; for an event, one parameter for each of
 * its values</li>
 * <li>the handle that came with the message: a {@code SocketChannel}, {@code Socket},
 * {@code ServerSocketChannel}, {@code DatagramChannel}, {@code FileChannel},
 * {@code InputStream} and so on; it belongs to the method, which has to close it</li>
 * <li>{@code @Header}, {@code @Headers} and {@code Message<T>} as everywhere in
 * spring-messaging</li>
 * <li>the sender: {@link ParentProcess} in a worker, {@link ChildProcess} in the
 * parent</li>
 * </ul>
 * The return value is the reply to a call, and may be a {@code CompletableFuture}. An
 * exception of the method reaches the caller as a
 * {@link io.ipcboot.messaging.RemoteHandlerException}.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@MessageMapping
public @interface IpcListener {

	/**
	 * The destination.
	 * @return a name; placeholders are resolved
	 */
	@AliasFor("destination")
	String value() default OutgoingMessage.DEFAULT_DESTINATION;

	/**
	 * The destination.
	 * @return a name; placeholders are resolved
	 */
	@AliasFor("value")
	String destination() default OutgoingMessage.DEFAULT_DESTINATION;

	/**
	 * The roles of the processes in which the method listens. By default these are the
	 * roles to which the bean's class is restricted with {@code @ConditionalOnIpcRole},
	 * or else workers only: a worker can only call methods of its parent that the parent
	 * offers on purpose.
	 * @return the roles
	 */
	IpcRole[] role() default {};

	/**
	 * The pools whose workers may send to the method, if it listens in the parent. By
	 * default every process that the parent forked may.
	 * @return names of pools; placeholders are resolved
	 */
	String[] from() default {};

	/**
	 * The number of messages that the method takes at a time.
	 * @return 1 for one after the other; 0 for the {@code concurrency} of the pool
	 */
	int concurrency() default 0;

}
