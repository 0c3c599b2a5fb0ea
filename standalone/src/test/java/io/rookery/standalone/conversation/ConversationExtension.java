package io.rookery.standalone.conversation;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Runs a class once per service; services start when first needed and end with the test run. */
final class ConversationExtension implements ClassTemplateInvocationContextProvider {
  private static final Namespace OURS = Namespace.create(ConversationExtension.class);

  @Override
  public boolean supportsClassTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
      ExtensionContext context) {
    return Services.wanted().map(name -> new OnService(name, service(context, name)));
  }

  private static Service service(ExtensionContext context, String name) {
    return context.getRoot().getStore(OURS).computeIfAbsent(name, Services::start, Service.class);
  }

  private record OnService(String name, Service service) implements ClassTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return name;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new CastResolver(service));
    }
  }

  /** The service, or a new cast for every test method; the store closes the cast afterwards. */
  private record CastResolver(Service service) implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      return type == Cast.class || type == Service.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      if (parameter.getParameter().getType() == Service.class) {
        return service;
      }
      return context
          .getStore(OURS)
          .computeIfAbsent(Cast.class, type -> new Cast(service), Cast.class);
    }
  }
}
