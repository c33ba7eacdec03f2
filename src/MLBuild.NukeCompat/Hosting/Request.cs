using Nuke.Common;
using Nuke.Common.CI;

namespace MLBuild.NukeCompat;

/// <summary>What this run is asked to do, by the switches of the host.</summary>
internal sealed class Request
{
    private readonly List<string> _faults = [];

    public Request(Invocation invocation)
    {
        Verbosity = invocation.Builtin(Parameter.Verbosity) is Verbosity verbosity ? verbosity : null;
        Plan = invocation.Builtin(Parameter.Plan) is true;
        Help = invocation.Builtin(Parameter.Help) is true;
        NoLogo = invocation.Builtin(Parameter.NoLogo) is bool noLogo ? noLogo : null;
        Continue = invocation.Builtin(Parameter.Continue) is true;
        Partition = invocation.Builtin(Parameter.Partition) as Partition;
        Skipped = invocation.Builtin(Parameter.Skip) as string[];
        WorkflowId = invocation.Builtin(Parameter.GenerateConfiguration) as string;
        Invoked = invocation.Builtin(Parameter.Target) as string[];
        // Found out now, so that a wrong --host is reported with the other faults.
        _ = invocation.Host;
        _faults.AddRange(invocation.Faults);

        var leading = invocation.CommandLine.Targets;
        if (leading.Count == 0)
            return;
        if (invocation.CommandLine.Find(Parameter.Target.Name) is { } typed)
            _faults.Add($"Both '{leading[0]}' and {typed.Typed} name targets. Use one of the two.");
        Invoked = [.. leading.SelectMany(names => names.Split('+'))];
    }

    public Verbosity? Verbosity { get; }
    public bool Plan { get; }
    public bool Help { get; }
    public bool? NoLogo { get; }
    public bool Continue { get; }
    public Partition? Partition { get; }

    /// <summary>Null when none is named, then the default runs; empty after a bare --target, then none runs.</summary>
    public IReadOnlyList<string>? Invoked { get; }

    /// <summary>Null without --skip; empty after a bare one: all are skipped that are not invoked.</summary>
    public IReadOnlyList<string>? Skipped { get; }

    /// <summary>The workflow to write instead of running targets.</summary>
    public string? WorkflowId { get; }

    public IReadOnlyList<string> Faults => _faults;

    public static IEnumerable<string> UnknownSwitches(CommandLine commandLine, IEnumerable<Parameter> ofBuild)
    {
        var known = ofBuild.Concat(Parameter.BuiltIns).ToList();
        foreach (var typed in commandLine.Switches)
        {
            if (known.Exists(parameter => typed.Names(parameter.Name)))
                continue;
            var guess = Spelling.Suggest(typed.Typed, [.. known.Select(parameter => parameter.Dashed)]);
            yield return $"Unknown switch '{typed.Typed}'."
                + (guess.Length > 0 ? guess : " --help lists the switches of this build.");
        }
    }
}
