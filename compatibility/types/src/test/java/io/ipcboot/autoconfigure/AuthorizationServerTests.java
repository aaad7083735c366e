package io.ipcboot.autoconfigure;

import java.util.List;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerJwtAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an authorization server has in memory is reported.
 */
@Tag("long")
class AuthorizationServerTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SecurityAutoConfiguration.class,
				ServletWebSecurityAutoConfiguration.class, UserDetailsServiceAutoConfiguration.class,
				OAuth2AuthorizationServerAutoConfiguration.class, OAuth2AuthorizationServerJwtAutoConfiguration.class))
		.withPropertyValues("ipc.server.share=true",
				"spring.security.oauth2.authorizationserver.client.app.registration.client-id=app",
				"spring.security.oauth2.authorizationserver.client.app.registration.client-authentication-methods=none",
				"spring.security.oauth2.authorizationserver.client.app.registration.authorization-grant-types=authorization_code",
				"spring.security.oauth2.authorizationserver.client.app.registration.redirect-uris=https://app.example");

	@Test
	void authorizationsAndKeysThatNobodyConfiguredAreInMemory() {
		this.runner.run((context) -> assertThat(state(context.getSourceApplicationContext()))
			.containsExactly("authorizationServerSettings (authorizations)", "jwkSource (generated key)"));
	}

	@Test
	void whatTheApplicationConfiguresIsNot() {
		this.runner.withUserConfiguration(Configured.class)
			.run((context) -> assertThat(state(context.getSourceApplicationContext())).isEmpty());
	}

	private static List<String> state(ConfigurableApplicationContext context) {
		return new RiskSearch(context.getBeanFactory(), context.getEnvironment(), List.of()).find()
			.getOrDefault(Risk.IN_MEMORY_STATE, List.of());
	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		JWKSource<SecurityContext> jwkSource() {
			return new ImmutableJWKSet<>(new JWKSet());
		}

		@Bean
		OAuth2AuthorizationService authorizations() {
			return new Authorizations();
		}

	}

	/** Kept elsewhere. */
	static class Authorizations implements OAuth2AuthorizationService {

		@Override
		public void save(OAuth2Authorization authorization) {
		}

		@Override
		public void remove(OAuth2Authorization authorization) {
		}

		@Override
		public @Nullable OAuth2Authorization findById(String id) {
			return null;
		}

		@Override
		public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType tokenType) {
			return null;
		}

	}

}
