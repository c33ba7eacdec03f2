using System.Text;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Commands;

/// <summary>A program and its arguments as a stage's work, as declared: nothing in it has been looked up.</summary>
/// <param name="Program">A name that is looked up in PATH, or a path, relative to the project's root.</param>
/// <param name="OptionsType">The type of the stage's options, or null if it has none.</param>
public sealed record Command(string Program, IReadOnlyList<ArgumentTemplate> Arguments, Type? OptionsType)
{
    /// <summary>Environment variables that the program gets besides those of the build.</summary>
    public IReadOnlyList<CommandVariable> Variables { get; init; } = [];

    /// <summary>Variables whose values are in no recipe and no log.</summary>
    public IReadOnlyList<StageSecret> Secrets { get; init; } = [];

    /// <summary>Arguments with which the program says what it is.</summary>
    public IReadOnlyList<string>? Probe { get; init; }

    /// <summary>The program without its folder, which differs between machines and says nothing.</summary>
    public string ProgramName => Path.GetFileName(Program);

    /// <summary>The files of the project that it names.</summary>
    internal IEnumerable<string> Files => Arguments.Concat(Variables.Select(variable => variable.Value))
        .SelectMany(template => template.Parts).OfType<ArgumentPart.File>()
        .Select(file => file.Path).Distinct(StringComparer.Ordinal);

    /// <summary>The command in one line: what is in the recipe. Different arguments never give one line.</summary>
    public override string ToString() => Quoted([ProgramName, .. Arguments.Select(argument => argument.ToString())]);

    internal Task Run(StageRun run, object? options) => new CommandRun(this, run, options).Execute();

    /// <summary>Arguments in one line, as a shell would take them apart again.</summary>
    internal static string Quoted(IEnumerable<string> arguments)
    {
        var line = new StringBuilder();
        foreach (var argument in arguments)
        {
            if (line.Length > 0)
                line.Append(' ');
            line.Append(argument.Length > 0 && argument.All(IsPlain)
                ? argument
                : $"'{argument.Replace("'", @"'\''")}'");
        }
        return line.ToString();
    }

    // Letters of any language; a placeholder is quoted by nobody.
    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || "-_./:=,+@%{}…".Contains(c);
}

/// <summary>An environment variable; its value may have placeholders.</summary>
public sealed record CommandVariable(string Name, ArgumentTemplate Value);
