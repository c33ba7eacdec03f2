using System.Collections.Immutable;

namespace MLBuild.Engine.Code;

/// <summary>The classes that declare the pipeline. Their objects are values that stages may read, never code that
/// stages run: counted as code, one <c>typeof(Build)</c> would bring every stage into every other.</summary>
internal sealed class BuildClasses
{
    private readonly ImmutableHashSet<CodeType> _captured;

    private BuildClasses(ImmutableHashSet<CodeType> captured) => _captured = captured;

    /// <summary>Those whose object a lambda of a pipeline has as its <c>this</c>. Classes that derive from a host's
    /// base class always are.</summary>
    public static BuildClasses Of(UserCode code, IEnumerable<Delegate> lambdas)
    {
        var runtime = new RuntimeCode(code);
        return new([.. lambdas.Where(lambda => lambda.Target is not null)
            .SelectMany(lambda => Declaring(lambda.Target!, runtime.Definition(lambda.Method)))
            .SelectMany(type => type.Hierarchy())]);

        IEnumerable<CodeType> Declaring(object target, CodeMethod? method)
        {
            if (method is not { IsGenerated: true } || runtime.Definition(target.GetType()) is not { } type)
                return [];
            if (!type.IsGenerated)
                return [type];
            // A closure holds the object itself, or an outer closure that does.
            return type.Fields.Where(field => !field.IsStatic && field.FieldType.Definition is not null
                    && field.Name.Contains("<>", StringComparison.Ordinal))
                .Select(field => RuntimeCode.Value(field, target.GetType(), target)).OfType<object>()
                .SelectMany(inner => Declaring(inner, method));
        }
    }

    public bool Contains(CodeType type) => _captured.Contains(type) || type.Hierarchy().Any(part =>
        part.Base is { Text: "Nuke.Common.NukeBuild" or "Fallout.Common.FalloutBuild" });
}
