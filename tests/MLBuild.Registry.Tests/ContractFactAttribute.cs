using Xunit.Abstractions;
using Xunit.Sdk;

namespace MLBuild.Registry.Tests;

/// <summary>A case of the contract. It is skipped for a place that this machine does not have.</summary>
[XunitTestCaseDiscoverer("MLBuild.Registry.Tests.ContractFactDiscoverer", "MLBuild.Registry.Tests")]
internal sealed class ContractFactAttribute : FactAttribute;

/// <inheritdoc cref="ContractFactAttribute"/>
[XunitTestCaseDiscoverer("MLBuild.Registry.Tests.ContractTheoryDiscoverer", "MLBuild.Registry.Tests")]
internal sealed class ContractTheoryAttribute : TheoryAttribute;

/// <summary>Makes the case, or one that is skipped.</summary>
public sealed class ContractFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        SkippedContract.Of(DiagnosticMessageSink, options, method) ?? base.CreateTestCase(options, method, fact);
}

/// <summary>Makes a theory's cases, or one that is skipped.</summary>
public sealed class ContractTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo theory) =>
        SkippedContract.Of(DiagnosticMessageSink, options, method) is { } skipped
            ? [skipped]
            : base.Discover(options, method, theory);
}

/// <summary>A case whose place is not here. An attribute cannot know: the method is the same for all places.</summary>
internal static class SkippedContract
{
    /// <returns>Null where the case can run, or must: in CI.</returns>
    public static IXunitTestCase? Of(
        IMessageSink messages, ITestFrameworkDiscoveryOptions options, ITestMethod method)
    {
        for (var type = method.TestClass.Class.ToRuntimeType(); type is not null; type = type.BaseType)
            if (type.GenericTypeArguments.Contains(typeof(PostgreSqlPlace)) && PostgresServer.WhySkipped is { } reason)
                return new XunitSkippedDataRowTestCase(
                    messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method,
                    reason);
        return null;
    }
}
