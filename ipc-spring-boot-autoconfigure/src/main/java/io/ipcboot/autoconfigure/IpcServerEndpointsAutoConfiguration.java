package io.ipcboot.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.actuate.OfferedEndpoints;
import io.ipcboot.actuate.ParentEndpoints;
import io.ipcboot.messaging.ListenerRegistry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.EndpointFilter;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationFilter;
import org.springframework.boot.actuate.endpoint.invoke.ParameterValueMapper;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpointDiscoverer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Auto-configuration that lets the parent answer the requests for Actuator's endpoints
 * that workers get on the application's own port.
 */
@AutoConfiguration(after = IpcServerAutoConfiguration.class,
		beforeName = "org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration")
@ConditionalOnClass({ WebEndpointsSupplier.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(ParentProcess.class)
@ConditionalOnWebApplication
@Conditional(OnServingProcessCondition.class)
@ConditionalOnProperty(name = "ipc.server.management", havingValue = "parent", matchIfMissing = true)
public final class IpcServerEndpointsAutoConfiguration {

	private static final EndpointId HEALTH = EndpointId.of("health");

	/** Not lazy, as workers ask for it, and not beans. */
	@Bean
	@Lazy(false)
	@ConditionalOnIpcRole(IpcRole.PARENT)
	OfferedEndpoints ipcOfferedEndpoints(IpcServerProperties properties, IpcProperties limits,
			ListenerRegistry registry, ObjectProvider<WebEndpointsSupplier> endpoints,
			ObjectProvider<EndpointJsonMapper> endpointMapper, ObjectProvider<JsonMapper> mapper,
			Environment environment) {
		Supplier<JsonMapper> general = SingletonSupplier
			.of(() -> mapper.getIfUnique(() -> JsonMapper.builder().build()));
		return new OfferedEndpoints(properties.pool(), registry, () -> onPort(endpoints, environment),
				SingletonSupplier.of(() -> {
					EndpointJsonMapper own = endpointMapper.getIfUnique();
					return (own != null) ? own.get() : general.get();
				}), general, Math.toIntExact(limits.maxFrameSize().toBytes()));
	}

	/**
	 * Return the endpoints on the application's own port. If the management port is
	 * another one, these are only the additional paths of the health endpoint.
	 */
	private static Collection<ExposableWebEndpoint> onPort(ObjectProvider<WebEndpointsSupplier> endpoints,
			Environment environment) {
		boolean all = ManagementPortType.get(environment) == ManagementPortType.SAME;
		return endpoints.stream()
			.flatMap((supplier) -> supplier.getEndpoints().stream())
			.filter((endpoint) -> all || HEALTH.equals(endpoint.getEndpointId()))
			.toList();
	}

	@Bean
	@ConditionalOnIpcRole(IpcRole.WORKER)
	@ConditionalOnMissingBean(WebEndpointsSupplier.class)
	ParentEndpoints ipcParentEndpoints(ParentProcess parent, ApplicationContext context,
			ParameterValueMapper parameterValueMapper, EndpointMediaTypes mediaTypes,
			ObjectProvider<PathMapper> pathMappers, ObjectProvider<AdditionalPathsMapper> additionalPathsMappers,
			ObjectProvider<EndpointFilter<ExposableWebEndpoint>> endpointFilters,
			ObjectProvider<OperationFilter<WebOperation>> operationFilters) {
		return new ParentEndpoints(parent, new WebEndpointDiscoverer(context, parameterValueMapper, mediaTypes,
				pathMappers.orderedStream().toList(), additionalPathsMappers.orderedStream().toList(), List.of(),
				endpointFilters.orderedStream().toList(), operationFilters.orderedStream().toList()));
	}

}
