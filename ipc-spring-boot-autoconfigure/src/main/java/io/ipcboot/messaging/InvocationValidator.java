package io.ipcboot.messaging;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.validation.Constraint;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationAdapter;
import org.springframework.validation.method.MethodValidationException;
import org.springframework.validation.method.MethodValidationResult;
import org.springframework.validation.method.MethodValidator;
import org.springframework.validation.method.ParameterValidationResult;

/**
 * Validates the arguments and the return value of a listener's method as Spring MVC
 * validates those of a controller's: if a parameter or the return type has constraints,
 * or is a container whose elements are to be validated. A {@code @Valid} argument is
 * validated when it is resolved, and a bean whose class is {@link Validated} has a proxy
 * that validates.
 */
final class InvocationValidator {

	private static final boolean AVAILABLE = ClassUtils.isPresent("jakarta.validation.Validator",
			InvocationValidator.class.getClassLoader());

	private final MethodValidator validator;

	private final Method method;

	private final MethodParameter[] parameters;

	private final MethodParameter returnType;

	private final Class<?>[] groups;

	private final boolean ofArguments;

	private final boolean ofReturnValue;

	private final boolean byProxy;

	private InvocationValidator(MethodValidator validator, Class<?> type, Method method, MethodParameter[] parameters,
			MethodParameter returnType) {
		this.validator = validator;
		this.method = method;
		this.parameters = parameters;
		this.returnType = returnType;
		this.groups = groups(type, method);
		this.ofArguments = Arrays.stream(parameters).anyMatch(InvocationValidator::isConstrained);
		this.ofReturnValue = isReturnValueConstrained(method);
		this.byProxy = AnnotatedElementUtils.hasAnnotation(type, Validated.class);
	}

	/**
	 * Create a validator of a method's arguments and return value.
	 * @param validator the validator of the application, or {@code null}
	 * @param type the class of the object, or of what a proxy stands for
	 * @return the validator, or {@code null} if there is nothing to validate or nothing
	 * that could
	 */
	static @Nullable InvocationValidator of(@Nullable Validator validator, Class<?> type, Method method,
			MethodParameter[] parameters, MethodParameter returnType) {
		if (!AVAILABLE || !(validator instanceof jakarta.validation.Validator jakartaValidator)) {
			return null;
		}
		InvocationValidator created = new InvocationValidator(new MethodValidationAdapter(jakartaValidator), type,
				method, parameters, returnType);
		return (created.ofArguments || created.ofReturnValue) ? created : null;
	}

	private static Class<?>[] groups(Class<?> type, Method method) {
		return Stream.<AnnotatedElement>of(method, type)
			.map((element) -> AnnotatedElementUtils.findMergedAnnotation(element, Validated.class))
			.flatMap(Stream::ofNullable)
			.findFirst()
			.map(Validated::value)
			.orElseGet(() -> new Class<?>[0]);
	}

	private static boolean isConstrained(MethodParameter parameter) {
		Annotation[] annotations = parameter.getParameterAnnotations();
		if (hasConstraint(annotations) || (hasValid(annotations) && isContainer(parameter.getParameterType()))) {
			return true;
		}
		return hasConstrainedElements(
				parameter.getExecutable().getAnnotatedParameterTypes()[parameter.getParameterIndex()]);
	}

	private static boolean isReturnValueConstrained(Method method) {
		MergedAnnotations annotations = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
		return hasConstraint(annotations) || annotations.isPresent(Valid.class)
				|| hasConstrainedElements(method.getAnnotatedReturnType());
	}

	private static boolean hasConstrainedElements(AnnotatedType type) {
		return elements(type)
			.anyMatch((element) -> hasConstraint(element.getAnnotations()) || hasValid(element.getAnnotations()));
	}

	private static Stream<AnnotatedType> elements(AnnotatedType type) {
		if (!(type instanceof AnnotatedParameterizedType container)) {
			return Stream.empty();
		}
		return Stream.of(container.getAnnotatedActualTypeArguments())
			.flatMap((element) -> Stream.concat(Stream.of(element), elements(element)));
	}

	private static boolean isContainer(Class<?> type) {
		return type.isArray() || Iterable.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)
				|| type == Optional.class;
	}

	private static boolean hasValid(Annotation[] annotations) {
		return MergedAnnotations.from(annotations).isPresent(Valid.class);
	}

	private static boolean hasConstraint(Annotation[] annotations) {
		return hasConstraint(MergedAnnotations.from(annotations));
	}

	private static boolean hasConstraint(MergedAnnotations annotations) {
		return annotations.stream()
			.anyMatch((annotation) -> annotation.getType().isAnnotationPresent(Constraint.class));
	}

	/**
	 * Validate arguments, except for the handle, which is not there yet.
	 * @param bean the object whose method is called
	 * @param method the method of the object
	 * @throws MethodValidationException if a constraint is violated
	 */
	void validateArguments(Object bean, Method method, @Nullable Object[] arguments) {
		if (!this.ofArguments || isValidatedByProxy(bean)) {
			return;
		}
		@Nullable Object[] present = Stream.of(arguments)
			.map((argument) -> (argument == HandleArgumentResolver.PENDING) ? null : argument)
			.toArray();
		Object target = target(bean);
		MethodValidationResult result = this.validator.validateArguments(target, methodOf(target, method),
				this.parameters, present, this.groups);
		require(result, result.getParameterValidationResults()
			.stream()
			.filter((
					each) -> arguments[each.getMethodParameter().getParameterIndex()] != HandleArgumentResolver.PENDING)
			.toList());
	}

	/**
	 * Validate a return value.
	 * @param bean the object whose method was called
	 * @param method the method of the object
	 * @throws MethodValidationException if a constraint is violated
	 */
	void validateReturnValue(Object bean, Method method, @Nullable Object value) {
		if (this.ofReturnValue && !isValidatedByProxy(bean)) {
			Object target = target(bean);
			MethodValidationResult result = this.validator.validateReturnValue(target, methodOf(target, method),
					this.returnType, value, this.groups);
			require(result, result.getParameterValidationResults());
		}
	}

	/** A proxy of interfaces does not have the constraints of the class. */
	private Object target(Object bean) {
		Object target = Proxy.isProxyClass(bean.getClass()) ? AopProxyUtils.getSingletonTarget(bean) : null;
		return (target != null) ? target : bean;
	}

	private Method methodOf(Object target, Method called) {
		return this.method.getDeclaringClass().isInstance(target) ? this.method : called;
	}

	private boolean isValidatedByProxy(Object bean) {
		return this.byProxy && bean instanceof SpringProxy;
	}

	private static void require(MethodValidationResult result, List<ParameterValidationResult> violations) {
		if (!violations.isEmpty()) {
			throw new InvalidValuesException(
					MethodValidationResult.create(result.getTarget(), result.getMethod(), violations));
		}
	}

	/**
	 * Names the violations in its message, which is all that the caller gets.
	 */
	private static final class InvalidValuesException extends MethodValidationException {

		private final String message;

		InvalidValuesException(MethodValidationResult result) {
			super(result);
			this.message = result.getParameterValidationResults()
				.stream()
				.map((each) -> "%s of %s: %s".formatted(describe(each.getMethodParameter()),
						each.getMethodParameter().getExecutable().toGenericString(), each.getResolvableErrors()))
				.collect(Collectors.joining("; ", "Validation failed: ", ""));
		}

		private static String describe(MethodParameter parameter) {
			int index = parameter.getParameterIndex();
			return (index < 0) ? "the return value" : "parameter " + index;
		}

		@Override
		public String getMessage() {
			return this.message;
		}

	}

}
