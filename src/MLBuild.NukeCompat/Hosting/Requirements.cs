using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common;
using Nuke.Common.Execution;

namespace MLBuild.NukeCompat;

/// <summary>Checks what targets require before the first of them runs. Nobody is asked for values: a build that
/// waits for input in the middle of the night is worse than one that says what it needs.</summary>
internal static class Requirements
{
    /// <exception cref="BuildRefused">Something is missing; all of it is named.</exception>
    public static void Check(NukeBuild build, BuildParameters parameters)
    {
        var faults = build.ScheduledTargets
            .SelectMany(target => target.DelegateRequirements.Select(requirement => Fault(build, target, requirement)))
            .OfType<string>()
            .Concat(parameters.MissingRequired())
            .ToList();
        if (faults.Count > 0)
            throw new BuildRefused(faults);
    }

    public static bool IsMissing(object? value) =>
        value is null || (value is string text && string.IsNullOrWhiteSpace(text));

    public static string HowToPass(string need, Parameter parameter) =>
        $"{need} has no value. Pass {parameter.Dashed} <value> or set {parameter.Variable}.";

    private static string? Fault(NukeBuild build, ExecutableTarget target, LambdaExpression requirement)
    {
        if (requirement is Expression<Func<bool>> condition)
            return condition.Compile(preferInterpretation: true)()
                ? null
                : $"Target '{target.Name}' requires '{requirement.Body}'";
        var member = MemberValues.MemberOf(requirement);
        if (!IsMissing(MemberValues.Get(member, build)))
            return null;
        return member.IsDefined(typeof(ParameterAttribute))
            ? HowToPass($"Target '{target.Name}' requires parameter '{member.Name}', which", Parameter.Of(member))
            : $"Target '{target.Name}' requires '{member.Name}', which has no value.";
    }
}
