using System.Diagnostics;

namespace MLBuild.Acceptance.Tests;

/// <summary>Shells complete targets, switches and known values from a file beside the build program, without starting
/// any program.</summary>
public sealed class CompletingCommands : IDisposable
{
    private readonly TaxiProject _project = new();

    [LinuxTheory]
    [InlineData("Tr", "Train")]
    [InlineData("Val", "Validate")]
    [InlineData("Train --trainer ", "LightGbm FastTree FastForest Linear")]
    [InlineData("Train --trainer Fast", "FastTree FastForest")]
    [InlineData("Train --trainer = L", "LightGbm Linear")]
    [InlineData("Why --of-stage V", "Validate")]
    [InlineData("Deploy --strategy b", "blue-green")]
    [InlineData("Train --learning", "--learning-rate")]
    [InlineData("Train --dry", "--dry-run")]
    [InlineData("Train --verb", "--verbosity")]
    [InlineData("Train --verbosity Q", "Quiet")]
    [InlineData("Train --skip Feat", "Features")]
    // Files are left to the shell.
    [InlineData("Train --data da", "")]
    // Targets stand before the first switch, and what is not listed is not offered.
    [InlineData("Train --iterations Tr", "")]
    [InlineData("Referen", "")]
    public void BashCompletes(string typed, string expected) => Assert.Equal(
        expected.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Completed("bash", Script("bash"), """
            source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mlbuild; printf '%s\n' "${COMPREPLY[@]}"
            """, typed));

    [ZshFact]
    public void ZshCompletes()
    {
        const string program = """
            compdef() { }; compadd() { print -l -- $found }; _files() { print files }
            source $1; shift; words=("$@"); CURRENT=$#; _mlbuild
            """;
        var script = Script("zsh");
        Assert.Contains("Train", Completed("zsh", script, program, "Tr"));
        Assert.Equal(["LightGbm", "FastTree", "FastForest", "Linear"],
            Completed("zsh", script, program, "Train --trainer L"));
        Assert.Contains("--learning-rate", Completed("zsh", script, program, "Train --l"));
        Assert.Equal(["files"], Completed("zsh", script, program, "Train --data da"));
    }

    [PowerShellTheory]
    [InlineData("Tr", "Train")]
    [InlineData("Train --trainer Fast", "FastTree FastForest")]
    [InlineData("Deploy --strategy b", "blue-green")]
    [InlineData("Train --learning", "--learning-rate")]
    [InlineData("Train --skip Feat", "Features")]
    public void PowerShellCompletes(string typed, string expected)
    {
        var (exitCode, output, errors) = BuildProgram.Run(new(PowerShellTheoryAttribute.Program!,
            [
                "-NoProfile", "-Command", $". '{Script("powershell")}'; $typed = '{Path.Combine(
                    BuildProgram.Repository, "build.ps1")} {typed}'; ([Management.Automation.CommandCompletion]::" +
                "CompleteInput($typed, $typed.Length, $null)).CompletionMatches.CompletionText",
            ]));
        Assert.True(exitCode == 0 && errors.Length == 0, output + errors);
        Assert.Equal(expected.Split(' '), output.ReplaceLineEndings("\n").Split('\n',
            StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>In a <c>switch</c>, <c>$switch</c> is PowerShell's own: nothing that was put there before is
    /// there.</summary>
    [Theory]
    [InlineData("$switch")]
    [InlineData("$foreach")]
    [InlineData("$input")]
    [InlineData("$args")]
    [InlineData("$matches")]
    public void PowerShellsOwnVariablesAreNotUsed(string variable) => Assert.DoesNotContain(
        variable, File.ReadAllText(Script("powershell")), StringComparison.OrdinalIgnoreCase);

    [PowerShellTheory]
    [InlineData("powershell")]
    public void PowerShellUnderstandsItsScript(string shell)
    {
        var (exitCode, output, errors) = BuildProgram.Run(new(PowerShellTheoryAttribute.Program!,
            [
                "-NoProfile", "-Command", "$faults = $null; [Management.Automation.Language.Parser]::ParseFile(" +
                $"'{Script(shell)}', [ref]$null, [ref]$faults) | Out-Null; $faults; exit $faults.Count",
            ]));
        Assert.True(exitCode == 0, output + errors);
    }

    [Fact]
    public void EveryTargetAndSwitchOfTheHelpIsKnown()
    {
        var help = _project.Run("--help").Succeeded().Lines;
        var facts = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(BuildProgram.Dll)!, ".completion"))
            .Select(line => line.Split('\t')).ToArray();
        Assert.Equal(
            help.SkipWhile(line => !line.StartsWith("Targets", StringComparison.Ordinal))
                .TakeWhile(line => !line.StartsWith("Parameters", StringComparison.Ordinal))
                .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ')
                .Select(line => line.Trim().Split(' ')[0]),
            facts.Where(fact => fact[0] == "target").Select(fact => fact[1]));
        Assert.Equal(
            help.Where(line => line.StartsWith("  --", StringComparison.Ordinal))
                .Select(line => line.Trim().Split(' ')[0]).Order(StringComparer.Ordinal),
            facts.Where(fact => fact[0] is "flag" or "switch").Select(fact => fact[1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ShellHasToBeNamed()
    {
        var run = _project.Run("Completion");
        Assert.Equal(255, run.ExitCode);
        Assert.Equal(["Name the shell: --for-shell bash, zsh or powershell."], run.Failure);
        Assert.Contains("--for-shell is 'fish', expected one of Bash, Zsh, PowerShell.",
            _project.Run("Completion", "--for-shell", "fish").Text);
        Assert.Equal(
            [
                "written: .nuke/completion.bash", "In this shell: source .nuke/completion.bash",
                "In every one: the same line with the whole path in ~/.bashrc.",
            ],
            _project.Run("Completion", "--for-shell", "bash").Succeeded().OutputOf("Completion"));
    }

    public void Dispose() => _project.Dispose();

    private string Script(string shell)
    {
        _project.Run("Completion", "--for-shell", shell).Succeeded();
        return _project.PathOf($".nuke/completion.{(shell == "powershell" ? "ps1" : shell)}");
    }

    // In a shell that finds no program, so that none is started.
    private static string[] Completed(string shell, string script, string program, string typed)
    {
        var launcher = Path.Combine(BuildProgram.Repository, "build.sh");
        var start = new ProcessStartInfo($"/usr/bin/{shell}",
            [.. shell == "zsh" ? ["-fc"] : (string[])["-c"], program, shell, script, launcher, .. typed.Split(' ')]);
        start.Environment["PATH"] = "";
        var (exitCode, output, errors) = BuildProgram.Run(start);
        Assert.True(exitCode == 0 && errors.Length == 0, errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>Runs where zsh is.</summary>
public sealed class ZshFactAttribute : FactAttribute
{
    public ZshFactAttribute() =>
        Skip = File.Exists("/usr/bin/zsh") ? null : "zsh is not here; install it with: apt-get install zsh";
}

/// <summary>Runs where PowerShell is.</summary>
public sealed class PowerShellTheoryAttribute : TheoryAttribute
{
    public PowerShellTheoryAttribute() =>
        Skip = Program is not null ? null : "pwsh is not here; https://aka.ms/powershell says how to install it";

    public static string? Program => OperatingSystem.IsWindows() ? "powershell"
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(folder => Path.Combine(folder, "pwsh")).FirstOrDefault(File.Exists);
}
