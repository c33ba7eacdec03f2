using MLBuild.Engine;
using MLBuild.Store;

namespace MLBuild.Nuke.Completion;

/// <summary>The scripts by which shells complete the launcher. Each reads the newest file of facts below the launcher's
/// folder, so one script serves every build of this kind, and starts no program.</summary>
internal static class CompletionScript
{
    private const string Bash = """
        # Completes ./build.sh of MLBuild: targets, then switches and their values. Other words are completed as files.
        _mlbuild() {
            local word=${COMP_WORDS[COMP_CWORD]} root=${COMP_WORDS[0]} facts='' switch='' file kind name text i
            case $root in */*) root=${root%/*} ;; *) root=. ;; esac
            case $root in '~'*) root=$HOME${root#'~'} ;; esac
            COMPREPLY=()
            for file in "$root"/.nuke/bin/*/.completion; do
                if [[ -f $file && ( -z $facts || $file -nt $facts ) ]]; then facts=$file; fi
            done
            [[ -n $facts ]] || return 0
            if [[ $word == '=' ]]; then word=''; fi
            for ((i = COMP_CWORD - 1; i > 0; i--)); do
                if [[ ${COMP_WORDS[i]} == --* ]]; then switch=${COMP_WORDS[i]}; break; fi
            done
            while IFS=$'\t' read -r kind name text; do
                case $kind in
                target) if [[ -z $switch && $name == "$word"* ]]; then COMPREPLY+=("$name"); fi ;;
                flag | switch) if [[ $word == -* && $name == "$word"* ]]; then COMPREPLY+=("$name"); fi ;;
                value) if [[ $name == "$switch" && $text == "$word"* ]]; then COMPREPLY+=("$text"); fi ;;
                esac
            done <"$facts"
        }
        complete -o default -F _mlbuild build.sh

        """;

    private const string Zsh = """
        # Completes ./build.sh of MLBuild: targets, then switches and their values. Other words are completed as files.
        _mlbuild() {
            emulate -L zsh
            local word=${words[CURRENT]} root=${~words[1]:h} switch='' kind name text i
            local -a files found shown
            files=($root/.nuke/bin/*/.completion(N.om))
            (( $#files )) || { _files; return }
            for ((i = CURRENT - 1; i > 1; i--)); do
                if [[ ${words[i]} == --* ]]; then switch=${words[i]}; break; fi
            done
            while IFS=$'\t' read -r kind name text; do
                case $kind in
                target) if [[ -z $switch ]]; then found+=($name); shown+=("$name  $text"); fi ;;
                flag | switch) if [[ $word == -* ]]; then found+=($name); shown+=("$name  $text"); fi ;;
                value) if [[ $name == $switch && $word != -* ]]; then found+=($text); shown+=($text); fi ;;
                esac
            done <$files[1]
            if (( $#found )); then compadd -l -d shown -a found; else _files; fi
        }
        compdef _mlbuild build.sh

        """;

    private const string PowerShell = """
        # Completes build.ps1 of MLBuild: targets, then switches and their values. Other words are completed as files.
        Register-ArgumentCompleter -Native -CommandName build.ps1, build.cmd, build.sh, build -ScriptBlock {
            param($word, $ast, $cursor)
            $typed = @($ast.CommandElements | ForEach-Object { "$_" })
            $root = Split-Path -Parent $typed[0]
            if (-not $root) { $root = '.' }
            $facts = Get-ChildItem -Force -ErrorAction SilentlyContinue "$root/.nuke/bin/*/.completion" |
                Sort-Object LastWriteTime -Descending | Select-Object -First 1
            if (-not $facts) { return }
            $before = @($typed | Select-Object -Skip 1)
            if ($word -and $before.Count -gt 0) { $before = @($before | Select-Object -SkipLast 1) }
            $given = $before | Where-Object { $_ -like '--*' } | Select-Object -Last 1
            foreach ($line in [IO.File]::ReadAllLines($facts.FullName)) {
                $kind, $name, $text = $line -split "`t", 3
                $value = switch ($kind) {
                    'target' { if (-not $given) { $name } }
                    { $_ -in 'flag', 'switch' } { if ($word -like '-*') { $name } }
                    'value' { if ($name -eq $given) { $text } }
                }
                if ($value -and $value -like "$word*") {
                    if (-not $text) { $text = $value }
                    [Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
                }
            }
        }

        """;

    public static string Of(CompletionShell shell) => (shell switch
    {
        CompletionShell.Bash => Bash,
        CompletionShell.Zsh => Zsh,
        CompletionShell.PowerShell => PowerShell,
        _ => throw new InvalidOperationException($"BUG: unknown shell {shell}."),
    }).ReplaceLineEndings("\n");

    /// <summary>Writes the script below <c>.nuke/</c>, and says what to do with it.</summary>
    /// <exception cref="PipelineException">The file cannot be written.</exception>
    public static IEnumerable<string> Write(CompletionShell shell, string root)
    {
        var (end, profile, command) = shell switch
        {
            CompletionShell.Bash => ("bash", "~/.bashrc", "source"),
            CompletionShell.Zsh => ("zsh", "~/.zshrc, behind compinit", "source"),
            CompletionShell.PowerShell => ("ps1", "$PROFILE", "."),
            _ => throw new InvalidOperationException($"BUG: unknown shell {shell}."),
        };
        var name = $".nuke/completion.{end}";
        try
        {
            AtomicFile.WriteText(Path.Combine(root, name), Of(shell));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException($"'{name}' cannot be written: {e.Message}");
        }
        return
        [
            $"written: {name}",
            $"In this shell: {command} {name}",
            $"In every one: the same line with the whole path in {profile}.",
        ];
    }
}
