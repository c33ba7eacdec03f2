using System.Reflection;
using Nuke.Common;
using Nuke.Common.Execution;
using Nuke.Common.IO;

namespace MLBuild.NukeCompat;

/// <summary>This start of the build program: its arguments, where it runs and for whom. The only state of the
/// process: NUKE's API has it in statics such as <see cref="NukeBuild.RootDirectory"/>.</summary>
internal sealed class Invocation
{
    private static readonly Lazy<Invocation> TheOnly = new(() => new Invocation(
        CommandLine.Parse(Environment.GetCommandLineArgs()[1..]), EnvironmentInfo.Variables));

    private readonly List<string> _faults = [];
    private readonly Lazy<ParametersFile> _file;

    private Invocation(CommandLine commandLine, IReadOnlyDictionary<string, string> environment)
    {
        CommandLine = commandLine;
        _file = new(LoadFile);
        // Where the file is, and which profiles it has, cannot stand in the file.
        Parameters = new(commandLine, environment, () => ParametersFile.Empty);
        RootDirectory = FindRoot();
        Profiles = Builtin(Parameter.Profile) as string[] ?? [];
        Parameters = new(commandLine, environment, () => _file.Value);
    }

    public static Invocation Current => TheOnly.Value;

    public CommandLine CommandLine { get; }
    public ParameterValues Parameters { get; }
    public AbsolutePath RootDirectory { get; }
    public IReadOnlyList<string> Profiles { get; }

    public Host Host
    {
        get => field ??= HostSelection.Select(Builtin(Parameter.Host) as string, _faults);
        set;
    }

    public AbsolutePath? BuildAssemblyFile =>
        Assembly.GetEntryAssembly()?.Location is { Length: > 0 } location ? location : null;

    public AbsolutePath? BuildProjectFile
    {
        get
        {
            var directory = BuildAssemblyFile?.FindParent(parent => parent.ContainsFile("*.csproj"));
            return directory?.GetFiles("*.csproj").First();
        }
    }

    /// <summary>What is wrong with the switches of this host that were read so far.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The value of a switch of this host; a wrong one becomes a fault and reads as not given.</summary>
    public object? Builtin(Parameter parameter)
    {
        var (value, fault) = Parameters.Resolve(parameter);
        if (fault != null)
            _faults.Add(fault);
        return value;
    }

    /// <summary>Names in parameters.json that are none of these.</summary>
    public IEnumerable<string> UnknownFileNames(IReadOnlyList<Parameter> known) => _file.Value.UnknownNames(known);

    private ParametersFile LoadFile()
    {
        try
        {
            return ParametersFile.Load(RootDirectory, Profiles);
        }
        catch (BuildRefused refusal)
        {
            _faults.Add(refusal.Message);
            return ParametersFile.Empty;
        }
    }

    private AbsolutePath FindRoot()
    {
        AbsolutePath current = Environment.CurrentDirectory;
        if (CommandLine.Find(Parameter.Root.Name) is { Values.Count: 0 })
            return current;
        if (Builtin(Parameter.Root) is string given)
            return AbsolutePath.Create(Path.Combine(current, given));
        for (var directory = current; directory is not null; directory = directory.Parent)
            if (Path.Exists(directory / ".nuke"))
                return directory;
        _faults.Add($"Neither '{current}' nor a directory above it has a '.nuke'. "
            + "Create that directory at the root of the repository, or name the root with --root <path>.");
        return current;
    }
}
