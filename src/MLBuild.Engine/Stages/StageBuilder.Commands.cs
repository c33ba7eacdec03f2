using MLBuild.Engine.Commands;

namespace MLBuild.Engine.Stages;

/// <summary>The part that declares a program as a stage's work.</summary>
public abstract partial class StageDeclaration<TSelf>
{
    private readonly List<CommandVariable> _variables = [];
    private readonly List<StageSecret> _secrets = [];
    private Command? _command;
    private IReadOnlyList<string>? _probe;

    // Without a program, what was said of it is still there, so that it is found to be at fault.
    private Command? Command => _command is null && _variables.Count == 0 && _probe is null
        ? null
        : (_command ?? new("", [], null)) with { Variables = [.. _variables], Secrets = [.. _secrets], Probe = _probe };

    /// <summary>The stage's work is a program. Its arguments name what the stage declares: <c>{in:rows.csv}</c>,
    /// <c>{ins:rows.csv}</c> for all partitions, <c>{out:model.bin}</c>, <c>{file:scripts/train.py}</c>,
    /// <c>{source}</c>, <c>{partition}</c>; <c>{{</c> is a brace. No shell reads them. It runs in the folder for the
    /// stage's outputs.</summary>
    /// <param name="program">A name that is looked up in PATH, or a path from the project's root.</param>
    public TSelf RunsCommand(string program, params string[] arguments) => Does(program, arguments, options: null);

    /// <summary>As <see cref="RunsCommand(string, string[])"/>, with options: <c>{option:LearningRate}</c>. Every
    /// member is a parameter in the recipe, whether an argument names it or not.</summary>
    public TSelf RunsCommand<TOptions>(Func<TOptions> options, string program, params string[] arguments)
        where TOptions : class =>
        With(options, _ => options()).Does(program, arguments, typeof(TOptions));

    /// <summary>As <see cref="RunsCommand(string, string[])"/>, with the options of each matrix point.</summary>
    public TSelf RunsCommand<TPoint, TOptions>(
        Func<TPoint, TOptions> options, string program, params string[] arguments)
        where TPoint : notnull where TOptions : class =>
        With(options, OfPoint(options)).Does(program, arguments, typeof(TOptions));

    /// <summary>Sets an environment variable of the command; its value may have placeholders, and is in the recipe. All
    /// other variables are those of the build, and no inputs.</summary>
    public TSelf WithEnvironment(string name, string value)
    {
        _variables.Add(new(name, ArgumentTemplate.Parse(value)));
        return (TSelf)this;
    }

    /// <summary>Gives the work a value that no recipe has and that its log shows as <c>***</c>: code gets it by
    /// <see cref="StageRun.Secret"/>, a command as an environment variable.</summary>
    /// <param name="value">Called when the work needs it.</param>
    public TSelf WithSecret(string name, Func<string?> value)
    {
        _secrets.Add(new(name, value));
        return (TSelf)this;
    }

    /// <summary>Makes what the program prints for these arguments an input, such as <c>--version</c>. It is asked anew
    /// only when its bytes change; a script is asked each time, because it decides what runs.</summary>
    public TSelf ObservesProgram(params string[] arguments)
    {
        _probe = arguments;
        return (TSelf)this;
    }

    private TSelf Does(string program, string[] arguments, Type? options)
    {
        _command = new(program, [.. arguments.Select(ArgumentTemplate.Parse)], options);
        return (TSelf)this;
    }
}
